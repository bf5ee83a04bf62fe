-- How much does not add up.
SELECT (SELECT count(*) FROM hotels h
        WHERE h.rooms - h.free <> (SELECT count(*) FROM rooms r WHERE r.hotel = h.name AND r.state <> 'released'))
     + (SELECT count(*) FROM flights f
        WHERE f.seats - f.free <> (SELECT count(*) FROM seats s WHERE s.flight = f.number AND s.state <> 'released'))
     + (SELECT count(*) FROM trips t LEFT JOIN rooms r ON r.trip_id = t.id LEFT JOIN seats s ON s.trip_id = t.id
        WHERE (t.state = 'booked') <> coalesce(r.state = 'confirmed' AND s.state = 'confirmed', false)
           OR r.state IS DISTINCT FROM s.state)
