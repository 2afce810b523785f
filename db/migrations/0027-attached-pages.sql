-- A version has its attached pages for good, as letters sent with it may have to be shown: nothing archives them. Pages that no version has
-- are upkeep's to delete.
drop index letter_attachments_by_service;
alter table letter_attachments drop column archived_at;
create index template_versions_by_attachment on template_versions (attachment_id) where attachment_id is not null;
