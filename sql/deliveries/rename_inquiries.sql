-- Gives the delivered inquiries the keys under which their persons are stored.
update delivered_inquiry
set subject_key = named_key.stored_key
from named_key
where named_key.subject_key = delivered_inquiry.subject_key and named_key.stored_key <> delivered_inquiry.subject_key
