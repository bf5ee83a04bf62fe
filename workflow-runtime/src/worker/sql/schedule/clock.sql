(SELECT {lane} AS lane, 0 AS place, extract(epoch FROM now())::float8 AS seconds, NULL::bigint AS due)
