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
