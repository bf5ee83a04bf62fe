CREATE TABLE purchases (
    id uuid CONSTRAINT pk_orders PRIMARY KEY,
    sku text NOT NULL CONSTRAINT one_sku UNIQUE,
    mail text NOT NULL CONSTRAINT purchases_mail_key UNIQUE,
    quantity integer NOT NULL
);
