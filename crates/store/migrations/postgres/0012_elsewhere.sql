-- Which connections have an order. Settlements are found by their sightings, whose key begins with the id.

CREATE INDEX orders_by_id ON orders (order_id);
