{unknown}
UPDATE {table} SET state = {state}, event = 'adopt', version = 1, entered_at = now();
{misplaced}

ALTER TABLE {table}
    ALTER state SET DEFAULT {initial}, ALTER state SET NOT NULL,
    ALTER event SET DEFAULT 'create', ALTER event SET NOT NULL,
    ALTER version SET DEFAULT 1, ALTER version SET NOT NULL,
    ALTER entered_at SET DEFAULT now(), ALTER entered_at SET NOT NULL,
{constraints}

INSERT INTO {history} (id, version, event, to_state, data)
SELECT o.{id}, 1, 'adopt', o.state, {common} || {owned} FROM {table} o;
{jobs}
