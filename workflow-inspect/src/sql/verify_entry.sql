(SELECT h.version, h.at FROM {history} h
    WHERE h.id = o.{id} AND h.version <= o.version AND NOT (
        -- An internal step does not enter; nor does one that only gave the state another label, or one that an older declaration
        -- may have had as an internal one: those left `entered_at` as it was.
        h.from_state IS NOT NULL AND (
            h.from_state || '>' || h.event || '>' || h.to_state = ANY ({internal})
            OR h.at <> o.entered_at AND (h.event = 'migrate'
                OR h.from_state = h.to_state AND h.from_state || '>' || h.event || '>' || h.to_state <> ALL ({declared}))))
    ORDER BY h.version DESC LIMIT 1)
