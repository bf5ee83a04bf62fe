(SELECT {lane} AS lane, extract(epoch FROM now())::float8 AS seconds{due})
