-- Complaints are looked through by day, those of everybody or of one service, the newest first.
create index complaints_by_time on complaints (complained_at, id);
create index complaints_of_service on complaints (service_id, complained_at, id);
