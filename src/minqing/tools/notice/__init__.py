"""Notice: what a resident or a post is told of a matter, when, by which way, and never twice.

Words: a *notice* is what is to be told (kind, to whom, of which event); a *message* is a notice on its way (a row of
`notice_message`); a *way* is an adapter that carries it (email, sms, wechat); the *inbox* is the page of a unit.
No message holds a word of the concern, and none of the table holds an address: both are found when it is sent.
"""
