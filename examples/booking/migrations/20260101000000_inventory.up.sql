CREATE TABLE hotels (
    name text PRIMARY KEY,
    rooms integer NOT NULL,
    free integer NOT NULL CHECK (free BETWEEN 0 AND rooms)
);

CREATE TABLE flights (
    number text PRIMARY KEY,
    seats integer NOT NULL,
    free integer NOT NULL CHECK (free BETWEEN 0 AND seats)
);

INSERT INTO hotels VALUES ('Adler', 20, 20);
INSERT INTO flights VALUES ('WF 7', 14, 14);
