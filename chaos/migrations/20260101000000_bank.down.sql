DROP TABLE totals;
DROP TABLE entries;
DROP FUNCTION gate();
