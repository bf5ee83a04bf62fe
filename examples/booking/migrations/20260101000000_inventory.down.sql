DROP TABLE flights;
DROP TABLE hotels;
