CREATE TABLE shelves (pallet bigint PRIMARY KEY, moves bigint NOT NULL DEFAULT 0) WITH (fillfactor = 80);
