CREATE TABLE orders (
    id uuid CONSTRAINT pk_orders PRIMARY KEY,
    sku text NOT NULL CONSTRAINT one_sku UNIQUE,
    mail text NOT NULL CONSTRAINT orders_mail_key UNIQUE,
    quantity integer NOT NULL
);
