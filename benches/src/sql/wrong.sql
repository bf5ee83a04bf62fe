-- How many rows are not what they should be: an instance has a row of history for each version, a timer while it moves, and a pallet
-- one move on its shelf for each that history tells of.
SELECT (SELECT count(*) FROM parcels p WHERE p.version <> (SELECT count(*) FROM parcels_history h WHERE h.id = p.id))
     + (SELECT count(*) FROM pallets p WHERE p.version <> (SELECT count(*) FROM pallets_history h WHERE h.id = p.id))
     + (SELECT count(*) FROM meters m WHERE m.version <> (SELECT count(*) FROM meters_history h WHERE h.id = m.id))
     + (SELECT count(*) FROM hand_parcels p WHERE p.version - 1 <> (SELECT count(*) FROM hand_history h WHERE h.id = p.id))
     + (SELECT count(*) FROM parcels p WHERE (p.state = 'moving') <> EXISTS (SELECT FROM parcels_jobs j WHERE j.id = p.id))
     + (SELECT count(*) FROM pallets p WHERE (p.state = 'moving') <> EXISTS (SELECT FROM pallets_jobs j WHERE j.id = p.id))
     + (SELECT count(*) FROM hand_parcels p WHERE (p.state = 'moving') <> EXISTS (SELECT FROM hand_jobs j WHERE j.id = p.id))
     + (SELECT count(*) FROM pallets p JOIN shelves s ON s.pallet = p.id WHERE s.moves <>
           (SELECT count(*) FROM pallets_history h WHERE h.id = p.id AND h.event IN ('send', 'stop', 'lift')))
