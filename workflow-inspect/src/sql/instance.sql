SELECT jsonb_build_object('id', o.{id}::text, 'state', o.state, 'event', o.event, 'version', o.version,
    'entered_at', o.entered_at, 'age', extract(epoch FROM now() - o.entered_at))
FROM {table} o
WHERE o.{id} = ($1::text[])[1]::{id_type}
