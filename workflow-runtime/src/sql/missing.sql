-- Which of these facts does the migrated model lack? And which of its required columns does none of these facts speak of, though
-- their binary makes rows that must have them? `supplied` are those that the database fills while binaries of two versions run.
SELECT m.fingerprint,
    ARRAY(SELECT f FROM unnest($2::text[]) f WHERE NOT m.model -> 'facts' ? f) AS missing,
    ARRAY(SELECT r.fact FROM (
              SELECT f AS fact, split_part(f, ' ', 2) AS field, string_to_array(substr(f, strpos(f, ' in ') + 4), ',') AS states
              FROM jsonb_array_elements_text(m.model -> 'facts') f
              WHERE starts_with(f, 'field ') AND strpos(f, ' null in ') = 0) r
          WHERE NOT coalesce(m.model -> 'supplied' ? r.field, false)
              AND NOT EXISTS (SELECT FROM unnest($2::text[]) f WHERE starts_with(f, 'field ' || r.field || ' '))
              AND (r.states = '{all}' OR EXISTS (
                  -- An arrow from a state to itself finds the column filled.
                  SELECT FROM unnest($2::text[]) f, unnest(r.states) state
                  WHERE f = 'initial ' || state
                      OR starts_with(f, 'edge ') AND right(f, length(state) + 1) = '>' || state
                          AND NOT starts_with(f, 'edge ' || state || '>')))) AS required
FROM workflow.models m
WHERE m.workflow = $1
