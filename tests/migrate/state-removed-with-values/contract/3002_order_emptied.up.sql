-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Nothing may be left in what goes: a scan, apart from the file that locks the table.

SET LOCAL lock_timeout = '2s';

DO $$
#variable_conflict use_column
DECLARE
    counted bigint;
BEGIN
    SELECT count(*) INTO counted FROM public.orders o WHERE o.state = 'held';
    IF counted > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s: %s rows are still in a state that goes (''held'')', 'public.orders', counted),
            HINT = 'Move them on with the function public.orders_force; then apply this file again.';
    END IF;
END
$$;
