"""The words of the audit: `subject.verb`, each with the sentence that a reader of the record sees."""

from lykta.core.vocabulary import Word


class AuditWord(Word):
    """What was done. A word is never renamed or reused."""

    STAFF_INVITED = "staff.invited", "A member of staff was given an account."
    STAFF_LOGGED_IN = "staff.logged_in", "A member of staff logged in with password and second factor."
    CASE_OPENED = "case.opened", "A report became a case."
    CASE_SEEN = "case.seen", "A member of staff opened the page of a case, with the reporter's words."
    CASE_CLOSED = "case.closed", "Nothing was left to do in a case."
    CASE_REOPENED = "case.reopened", "Something in a closed case needs work again."
    CASE_FORGOTTEN = "case.forgotten", "The key to the reporter's words was destroyed."
    REPORT_ADDED = "report.added", "A further report was added to a case, or the reporter wrote again."
    REPORT_BROUGHT = "report.brought", "Somebody on our side typed a report in, or it came in a file or a signed mail."
    ATTACHMENT_KEPT = "attachment.kept", "A file that came with a report was put into its case."
    ATTACHMENT_REFUSED = "attachment.refused", "A file that came with a report is no document and was thrown away."
    ATTACHMENT_OPENED = "attachment.opened", "A member of staff opened a file that came with a report."
    ITEM_REPORTED = "item.reported", "A report named an item, new or known."
    ITEM_TRACED = "item.traced", "The machine traced an item."
    ITEM_ASSESSED = "item.assessed", "An analyst assessed an item."
    ITEM_RECONSIDERED = "item.reconsidered", "An analyst took an assessment back."
    ITEM_MOVED = "item.moved", "An item changed its state without a person."
    MESSAGE_WRITTEN = "message.written", "Something was written to a reporter."
    REFERRAL_PLANNED = "referral.planned", "Routing decided that somebody must be told."
    REFERRAL_SENT = "referral.sent", "A mail server took a referral or a notice."
    REFERRAL_FAILED = "referral.failed", "A referral or a notice cannot be sent; a person must act."
    REFERRAL_ANSWERED = "referral.answered", "A recipient answered."
    RECIPIENT_CHANGED = "recipient.changed", "A recipient was added or changed."
    PARTNER_CHANGED = "partner.changed", "A partner company was added, or its token was replaced or revoked."
    FIGURES_PUBLISHED = "figures.published", "The public figures were counted and published."
    LETTER_SET_ASIDE = "letter.set_aside", "A letter could not be opened and waits for a person."
