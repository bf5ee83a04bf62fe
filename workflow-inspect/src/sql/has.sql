SELECT to_jsonb(EXISTS (SELECT FROM {table} o WHERE o.{id} = ($1::text[])[1]::{id_type})
    OR EXISTS (SELECT FROM {history} h WHERE h.id = ($1::text[])[1]::{id_type}))
