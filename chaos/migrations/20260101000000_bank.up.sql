-- Without keys on purpose: an effect that took place twice can stand here twice.
CREATE TABLE entries (
    account uuid NOT NULL,
    version bigint NOT NULL,
    event text NOT NULL,
    amount bigint NOT NULL
);
CREATE TABLE totals (
    account uuid NOT NULL,
    balance bigint NOT NULL DEFAULT 0,
    entries bigint NOT NULL DEFAULT 0
);
CREATE INDEX totals_account ON totals (account);

-- Whoever holds this lock holds up the commits of all that entered something, when they have begun.
CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(4711);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate();
