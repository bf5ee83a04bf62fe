SELECT to_jsonb(({guard}
    ) IS TRUE) FROM (SELECT o.* FROM {table} o WHERE o.{id} = ($1::text[])[1]::{id_type}) AS {row}
