-- The first line is not the one that sqlx looks for.
-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY orders_note ON public.orders (note);
