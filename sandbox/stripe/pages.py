"""The hosted invoice page as HTML: no script, nothing from outside, light and dark, small screens first."""

from datetime import UTC, datetime
from html import escape
from string import Template

from sandbox.stripe.cards import CARDS
from sandbox.stripe.errors import Json
from sandbox.stripe.money import shown

PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>
:root { --ground: #f4f5f7; --card: #fff; --ink: #1a1f36; --soft: #545969; --line: #d5dbe1; --act: #5146d8;
        --good: #0b6e3b; --bad: #b3093c; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #10131f; --card: #1b2032; --ink: #eef0f6; --soft: #aab1c5; --line: #39415c; --act: #a69ff5;
          --good: #6fdba1; --bad: #ff8fae; }
  button { color: #10131f !important; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink);
       font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 1.25rem; background: var(--card); border: 1px solid var(--line);
       border-radius: .75rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
p { margin: .25rem 0; color: var(--soft); }
form + p { margin-top: .75rem; }
table { width: 100%; margin: 1rem 0; border-collapse: collapse; }
th, td { padding: .5rem 0; border-bottom: 1px solid var(--line); text-align: left; font-weight: normal;
         overflow-wrap: anywhere; }
td { padding-left: 1rem; text-align: right; white-space: nowrap; }
tfoot th, tfoot td { border: 0; font-weight: 600; }
fieldset { margin: 1rem 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
label { display: flex; gap: .75rem; align-items: center; padding: .375rem 0; border-bottom: 1px solid var(--line); }
small { color: var(--soft); font-size: .875rem; }
input { accent-color: var(--act); }
button { width: 100%; min-height: 3rem; border: 0; border-radius: .5rem; background: var(--act); color: #fff;
         font: inherit; font-weight: 600; cursor: pointer; }
button.quiet { border: 1px solid var(--line); background: none; color: var(--ink) !important; }
a { color: var(--act); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
</style>
</head>
<body>
<main>
<p>$seller</p>
<h1>$amount</h1>
$state
<table>
<caption hidden>What this invoice is for</caption>
<tbody>
$lines
</tbody>
<tfoot><tr><th scope="row">Total</th><td>$total</td></tr></tfoot>
</table>
$action
<p><a href="$here/pdf">Download PDF</a></p>
<p>Sandbox: no real money moves.</p>
</main>
</body>
</html>
""")
FORM = Template("""<form method="post" action="$here">
<fieldset>
<legend>Test card</legend>
$cards
</fieldset>
<button>Pay $amount</button>
</form>""")


BANK = Template("""<form method="post" action="$here">
<p>Stripe's test bank asks by 3-D Secure whether it is you who pays.</p>
<p><button name="answer" value="complete">Complete authentication</button></p>
<p><button name="answer" value="fail" class="quiet">Fail authentication</button></p>
</form>""")


def invoice_page(invoice: Json, here: str, problem: str = "") -> str:
    """The page of a finalised invoice: to be paid, a receipt, or why it cannot be paid; `here` is its own path."""
    currency = invoice["currency"]
    lines = "\n".join(
        f'<tr><th scope="row">{escape(line["description"] or "Item")}</th>'
        f"<td>{escape(shown(line['amount'], currency))}</td></tr>"
        for line in invoice["lines"]["data"]
    )
    return PAGE.substitute(
        title=escape(f"Invoice {invoice['number']}"),
        seller=escape(f"{invoice['account_name']} · Invoice {invoice['number']}"),
        amount=escape(shown(invoice["amount_due"], currency)),
        state=_state(invoice, problem),
        lines=lines,
        total=escape(shown(invoice["total"], currency)),
        action=_form(invoice, here) if invoice["status"] in ("open", "uncollectible") else "",
        here=escape(here),
    )


def bank_page(invoice: Json, here: str) -> str:
    """What the card's bank shows before it pays; `here` is its own path."""
    currency, page = invoice["currency"], here.removesuffix("/bank")
    return PAGE.substitute(
        title="3-D Secure",
        seller=escape(f"{invoice['account_name']} · Invoice {invoice['number']}"),
        amount=escape(shown(invoice["amount_due"], currency)),
        state="",
        lines="",
        total=escape(shown(invoice["total"], currency)),
        action=BANK.substitute(here=escape(here)),
        here=escape(page),
    )


def invoice_text(invoice: Json) -> list[str]:
    """The invoice as lines of plain text."""
    currency = invoice["currency"]
    lines = [
        f"  {shown(line['amount'], currency)}  {line['description'] or 'Item'}" for line in invoice["lines"]["data"]
    ]
    return [
        f"Invoice {invoice['number']}",
        invoice["account_name"],
        f"Billed to: {invoice['customer_name'] or invoice['customer_email'] or invoice['customer']}",
        f"Date of issue: {_day(invoice['effective_at'])}",
        "",
        *lines,
        "",
        f"Total {shown(invoice['total'], currency)}",
        f"Amount due {shown(invoice['amount_remaining'], currency)}",
        f"Status: {invoice['status']}",
    ]


def _state(invoice: Json, problem: str) -> str:
    if problem:
        return f'<p class="bad" role="alert">{escape(problem)} Nothing was paid; you can try another card.</p>'
    if invoice["status"] == "paid":
        paid_at = _day(invoice["status_transitions"]["paid_at"])
        return f'<p class="good" role="status">Paid on {paid_at}. This page is your receipt.</p>'
    if invoice["status"] == "void":
        return '<p class="bad">This invoice was voided. There is nothing to pay.</p>'
    due = invoice["due_date"]
    return f"<p>Due {_day(due)}</p>" if due else "<p>Due now</p>"


def _form(invoice: Json, here: str) -> str:
    cards = "\n".join(
        f'<label><input type="radio" name="card" value="{card.number}"{" checked" if number == 0 else ""}>'
        f"<span>{escape(card.label)}<br><small>{_grouped(card.number)}</small></span></label>"
        for number, card in enumerate(CARDS)
    )
    amount = shown(invoice["amount_due"], invoice["currency"])
    return FORM.substitute(here=escape(here), cards=cards, amount=escape(amount))


def _grouped(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%d %B %Y}"
