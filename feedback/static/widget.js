// <page-feedback>: asks visitors about the page.
(() => {
	const TEXTS = {
		en: {
			question: "Is this page useful?",
			yes: "Yes",
			no: "No",
			report: "Report a problem",
			thanks: "Thank you for your feedback.",
			more: "You can tell us more.",
			hint: "Do not include personal or financial information like your National Insurance number or credit card details.",
			doing: "What were you doing?",
			wrong: "What went wrong?",
			improve: "How can we improve this page?",
			send: "Send",
			close: "Close",
			sending: "Sending…",
			left: "Characters left: {n}",
			long: "Characters too many: {n}",
			empty: "Write something first.",
			warn: "This looks like a card or National Insurance number. Take it out, or send again: we remove it.",
			unsent: "Not sent. Please send again.",
			offline: "You are offline.",
			away: "The service could not take it.",
			busy: "Too many messages. Wait a minute.",
			removed: "We removed {n}.",
			reply: "Contact us if you need a reply",
			other: "personal detail",
			UK_NINO: "National Insurance number",
			CREDIT_CARD: "card number",
			EMAIL_ADDRESS: "email",
			PHONE_NUMBER: "phone number",
		},
		cy: {
			question: "A yw'r dudalen hon yn ddefnyddiol?",
			yes: "Ydy",
			no: "Nac ydy",
			report: "Rhoi gwybod am broblem",
			thanks: "Diolch am eich adborth.",
			more: "Gallwch ddweud mwy wrthym.",
			hint: "Peidiwch â chynnwys gwybodaeth bersonol neu ariannol fel eich rhif Yswiriant Gwladol neu fanylion eich cerdyn credyd.",
			doing: "Beth oeddech chi'n ei wneud?",
			wrong: "Beth aeth o'i le?",
			improve: "Sut gallwn ni wella'r dudalen hon?",
			send: "Anfon",
			close: "Cau",
			sending: "Yn anfon…",
			left: "Nodau ar ôl: {n}",
			long: "Gormod o nodau: {n}",
			empty: "Ysgrifennwch rywbeth yn gyntaf.",
			warn: "Mae hwn yn edrych fel rhif cerdyn neu rif Yswiriant Gwladol. Tynnwch ef, neu anfonwch eto: rydym yn ei ddileu.",
			unsent: "Heb ei anfon. Anfonwch eto.",
			offline: "Nid ydych ar-lein.",
			away: "Ni allai'r gwasanaeth ei dderbyn.",
			busy: "Gormod o negeseuon. Arhoswch funud.",
			removed: "Rydym wedi dileu {n}.",
			reply: "Cysylltwch â ni os oes angen ateb arnoch",
			other: "manylyn personol",
			UK_NINO: "rhif Yswiriant Gwladol",
			CREDIT_CARD: "rhif cerdyn",
			EMAIL_ADDRESS: "cyfeiriad e-bost",
			PHONE_NUMBER: "rhif ffôn",
		},
	};

	// Colours are the page's own.
	const STYLE = `
:host{display:block}
@media print{:host{display:none!important}}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
b,label,#send{font-weight:700}
div{display:flex;flex-wrap:wrap;align-items:center;gap:1.4em .75em}
b+div button{margin:-.65em 0}
form{display:grid;gap:.5em;max-width:38em}
p:not(:empty){margin-bottom:.6em}
label,form div{margin-top:1em}
button,textarea{padding:.4em 1em;border:2px solid;border-radius:.3em;background:0 0}
#report,#close{padding:.4em 0;border:0;text-decoration:underline}
#send{background:var(--page-feedback-accent,#0b4f6c);color:#fff}
:focus-visible{outline:3px solid #27d;outline-offset:2px}
[inert]{opacity:.6}
.bad,[aria-invalid=true]+p{font-weight:700;border-inline-start:.3em solid #d33;padding-inline-start:.7em}`;

	const NINO = /\b[a-ceghj-prstw-z]{2}([\s.-]?\d){6}[\s.-]?[a-d]\b/i;
	const CARD = /(\d{4}[\s.-]?){4}|[1-68]([\s.-]?\d){12,18}/g;
	const luhn = (run) =>
		run.match(/\d/g).reverse().reduce((sum, d, i) => sum + +(i % 2 ? "0246813579"[d] : d), 0) % 10 == 0;

	const here = () => location.origin + location.pathname;
	const quietly = (act) => { try { act(); } catch {} };

	const make = (tag, properties, ...children) => {
		const node = document.createElement(tag);
		for (const name in properties)
			name in node ? (node[name] = properties[name]) : node.setAttribute(name, properties[name]);
		node.append(...children);
		return node;
	};

	const mount = (host, root) => {
		const lang = host.matches(":lang(cy)") ? "cy" : "en";
		const attribute = (name) => host.getAttribute(name);
		const text = (key, n) => (attribute("text-" + key) || TEXTS[lang][key] || TEXTS[lang].other).replace("{n}", n);
		const status = make("p", { role: "status", tabIndex: -1 });
		const all = make("section", { lang, "aria-label": text("question") }, status, "");
		const ids = {};
		let page, form, fields, opened, warned, timer, watch;

		const show = (node) => all.lastChild.replaceWith(node);
		const say = (textContent, className = "") => {
			Object.assign(status, { textContent, className }).focus();
		};
		const button = (id, onclick) => make("button", { id, part: id, type: "button", onclick }, text(id));

		const start = () => {
			fields = [];
			opened = Date.now();
			status.textContent = "";
			const choices = make("div", {}, button("yes", vote), button("no", vote), button("report", open));
			show(make("div", {}, make("b", {}, text("question")), choices));
		};

		const vote = async (event) => {
			if (!(await send({ useful: event.target.id }))) return;
			open(event);
			say(text("thanks") + " " + text("more"));
		};

		const mark = (field, message, bad) => {
			field.setAttribute("aria-invalid", !!bad);
			field.nextSibling.textContent = message;
			return bad && field;
		};
		const count = (field) => {
			const left = (attribute("max") || 1200) - [...field.value].length;
			return mark(field, left < 0 ? text("long", -left) : left < 200 ? text("left", left) : "", left < 0);
		};
		const answers = () => Object.fromEntries(new FormData(form));

		const area = (id, label) => {
			const field = make("textarea", {
				id,
				name: id,
				rows: 3,
				part: "field",
				"aria-describedby": `hint ${id}-note`,
				oninput() {
					quietly(() => (sessionStorage["page-feedback " + page] = JSON.stringify(answers())));
					clearTimeout(timer);
					timer = setTimeout(count, 500, field); // in pauses: it is read aloud
				},
			});
			fields.push(field);
			return [make("label", { htmlFor: id }, text(label)), field, make("p", { id: id + "-note", role: "status" })];
		};

		const open = ({ target: { id } }) => {
			const close = () => {
				if (id != "report") return done([]);
				start();
				root.getElementById(id).focus();
			};
			page = here();
			opened = Date.now();
			form = make(
				"form",
				{},
				make("p", { id: "hint" }, text("hint")),
				...area("doing", "doing"),
				...area("comment", id == "yes" ? "improve" : "wrong"),
				make("input", { name: "website", hidden: true }),
				make("div", {}, button("send", submit), button("close", close)),
			);
			quietly(() => {
				const draft = JSON.parse(sessionStorage["page-feedback " + page]);
				for (const field of fields) field.value = draft[field.id];
			});
			status.textContent = "";
			show(form);
			fields[0].focus();
			clearInterval(watch);
			watch = setInterval(() => {
				const moved = page != here() && !fields.some((field) => field.value);
				if (moved) start();
				if (moved || !all.isConnected) clearInterval(watch);
			}, 500);
		};

		const submit = async () => {
			clearTimeout(timer);
			const typed = fields.map((field) => field.value).join("");
			let wrong;
			for (const field of fields)
				wrong ||=
					count(field) ||
					(warned != typed && (NINO.test(field.value) || field.value.match(CARD)?.some(luhn)) && mark(field, text("warn"), 1));
			warned = typed;
			if (!typed.trim()) wrong = mark(fields[1], text("empty"), 1);
			if (wrong) return wrong.focus();
			const stored = await send(answers());
			if (stored) done(stored.removed);
		};

		const send = async (body) => {
			const shown = all.lastChild;
			const id = (ids[here() + JSON.stringify(body)] ||= URL.createObjectURL(new Blob()).slice(-36)); // a UUID
			let problem = navigator.onLine ? "away" : "offline";
			say(text("sending"));
			shown.inert = true;
			try {
				const answer = await fetch(attribute("server") + "/feedback", {
					method: "POST",
					body: JSON.stringify({ ...body, id, lang, page: here(), title: document.title, elapsed: (Date.now() - opened) / 1e3 }),
					keepalive: true,
					credentials: "omit",
					signal: AbortSignal.timeout(2e4),
				});
				if (answer.status == 201) return await answer.json();
				if (answer.status == 429) problem = "busy";
			} catch {}
			shown.inert = false;
			say(text("unsent") + " " + text(problem), "bad");
		};

		const done = (removed) => {
			const href = attribute("contact");
			const counts = {};
			for (const { field, kind, count } of removed) if (form[field]) counts[kind] = (counts[kind] || 0) + count;
			const list = Object.entries(counts).map(([kind, n]) => n + (n > 1 ? " × " : " ") + text(kind));
			quietly(() => delete sessionStorage["page-feedback " + page]);
			fields = [];
			show(href ? make("a", { href }, text("reply")) : "");
			say(text("thanks") + (list[0] ? " " + text("removed", list.join(", ")) : ""));
		};

		root.replaceChildren(all);
		start();
	};

	quietly(() => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(STYLE);
		customElements.define("page-feedback", class extends HTMLElement {
			connectedCallback() {
				const root = this.shadowRoot || this.attachShadow({ mode: "open" });
				root.adoptedStyleSheets = [sheet];
				mount(this, root);
			}
		});
	});
})();
