SET LOCAL lock_timeout = '5s';

ALTER TABLE public.orders
    ADD CONSTRAINT orders_state_2 CHECK (state IN ('placed', 'held', 'gone')) NOT VALID,
    DROP CONSTRAINT orders_state_1;
CREATE OR REPLACE FUNCTION public.orders_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER orders_transition AFTER INSERT OR UPDATE ON public.orders
    FOR EACH ROW EXECUTE FUNCTION public.orders_transition();
INSERT INTO workflow.edges VALUES ('order', 'placed', 'hold', 'held');
