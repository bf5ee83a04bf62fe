-- The steps of an instance in their order, and whether the row still has what the last one recorded.
SELECT h.version, h.from_state, h.event, h.to_state,
    h.version <> o.version OR to_jsonb(o) @> coalesce(h.data, '{}') AS fits
FROM {table} o JOIN {table}_history h ON h.id = o.{key}
WHERE o.{key} = $1 ORDER BY h.version
