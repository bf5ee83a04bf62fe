-- A note becomes required, the number gets wider, and every order a new field.

ALTER TABLE public.orders ALTER note SET NOT NULL;

ALTER TABLE public.orders
    ALTER number TYPE bigint,
    ADD COLUMN token uuid DEFAULT gen_random_uuid();

CREATE INDEX orders_note ON public.orders (note);
UPDATE public.customers SET name = trim(name);
ALTER TABLE public.orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES public.customers;
ALTER TABLE public.orders VALIDATE CONSTRAINT orders_state_2;
