SELECT jsonb_build_object('state', o.state, 'rows', count(*), 'oldest', extract(epoch FROM now() - min(o.entered_at)),
    'median', extract(epoch FROM now() - percentile_disc(0.5) WITHIN GROUP (ORDER BY o.entered_at)))
FROM {table} o
GROUP BY o.state
ORDER BY o.state
