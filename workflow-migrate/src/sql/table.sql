CREATE TABLE {table} (
    {id} {id_type} PRIMARY KEY,
    {common}
    state text NOT NULL DEFAULT {initial},
    event text NOT NULL DEFAULT 'create',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- Who made the last transition, under which key; they speak of version `keyed`, and of nothing else.
    actor text,
    key uuid,
    keyed bigint,
    {owned}
    {constraints}
) WITH (fillfactor = 80);
