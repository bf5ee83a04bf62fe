DROP TABLE totals;
DROP TABLE entries;
