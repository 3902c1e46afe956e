// <page-feedback> asks visitors about the page
try {
	const en = {
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
		empty: "Please write something.",
		warn: "This looks like a card or National Insurance number. Take it out, or send again: we remove it.",
		unsent: "Not sent.",
		offline: "You are offline.",
		away: "We could not take it.",
		busy: "Too many messages.",
		again: "Please send again.",
		wait: "Minutes to wait: {n}",
		removed: "We removed {n}.",
		reply: "Need a reply? Contact us",
		other: "personal detail",
		UK_NINO: "National Insurance number",
		CREDIT_CARD: "card number",
	};
	const cy = {
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
		empty: "Ysgrifennwch rywbeth.",
		warn: "Mae hwn yn edrych fel rhif cerdyn neu rif Yswiriant Gwladol. Tynnwch ef, neu anfonwch eto: rydym yn ei ddileu.",
		unsent: "Heb ei anfon.",
		offline: "Nid ydych ar-lein.",
		away: "Ni allem ei dderbyn.",
		busy: "Gormod o negeseuon.",
		again: "Anfonwch eto.",
		wait: "Munudau i aros: {n}",
		removed: "Rydym wedi dileu {n}.",
		reply: "Angen ateb? Cysylltwch â ni",
		other: "manylyn personol",
		UK_NINO: "rhif Yswiriant Gwladol",
		CREDIT_CARD: "rhif cerdyn",
	};
	const TEXTS = { en, cy, ...window.pageFeedbackTexts };

	const sheet = new CSSStyleSheet();
	sheet.replaceSync(`
:host{display:block}
@media print{:host{display:none!important}}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
section{white-space:normal}
b,label,#send{font-weight:700}
div{display:flex;flex-wrap:wrap;align-items:center;gap:1.4em .8em}
b+div button{margin:-.65em 0}
form{display:grid;gap:.5em;max-width:38em}
p:not(:empty){margin-bottom:1em}
label,form div{margin-top:1em}
button,textarea{padding:.4em .8em;border:2px solid;border-radius:.3em;background:0 0}
button{cursor:pointer}
#report,#close{padding:.4em 0;border:0;text-decoration:underline}
#send{background:var(--page-feedback-accent,#056);color:var(--page-feedback-accent-text,#fff)}
:focus-visible{outline:3px solid #27d;outline-offset:2px}
.unsent,[aria-invalid=true]+p{font-weight:700;border-inline-start:.3em solid #d33;padding-inline-start:.8em}`);

	const NINO = /(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z](\W{0,3})\d\d\1\d\d\1\d\d\1[a-d]\b/i;
	const CARD = /(?<!\d\W?)([2-6]\d{3}(\W{0,2})(\d{4}\2){2}\d{4}(\d{3})?|3\d{3}(\W?)\d{6}\5\d{4,5})/g;
	const luhn = (run) =>
		run.match(/\d/g).reverse().reduce((sum, d, i) => sum + +(i % 2 ? "0246813579"[d] : d), 0) % 10 == 0;
	const looksPrivate = (typed) => NINO.test(typed) || typed.match(CARD)?.some(luhn);

	const here = () => location.origin + location.pathname;
	const keep = (event) => event.key?.[1] || event.stopPropagation(); // not a shortcut of the page
	const quietly = (act) => { try { act(); } catch {} };

	const make = (tag, properties, ...children) => {
		const node = Object.assign(document.createElement(tag), properties);
		node.append(...children);
		return node;
	};

	const mount = (host) => {
		const lang = Object.keys(TEXTS).find((tag) => host.matches(`:lang(${tag})`)) || "en";
		const attribute = (name) => host.getAttribute(name);
		const text = (key, n) =>
			(attribute("text-" + key) || TEXTS[lang][key] || en[key] || "").replace("{n}", n);
		const status = make("p", { role: "status", tabIndex: -1 });
		const all = make("section", { lang, dir: "auto", ariaLabel: text("question") }, status, "");
		const ids = {};
		let page, title, draft, form, fields, opened, warned, timer, watch;

		const show = (node) => {
			all.lastChild.replaceWith(node);
			status.textContent = "";
			opened = performance.now();
		};
		const say = (n, ...keys) => {
			status.className = keys[0];
			status.textContent = keys.map((key) => text(key, n)).join(" ");
			status.focus();
		};
		const button = (id, onclick) => make("button", { id, part: id, type: "button", onclick }, text(id));

		const start = () => {
			const choices = make("div", {}, button("yes", vote), button("no", vote), button("report", open));
			show(make("div", {}, make("b", {}, text("question")), choices));
		};

		const vote = async (event) => {
			if (await send({ useful: event.target.id, page: here() })) {
				open(event);
				say(0, "thanks", "more");
			}
		};

		const mark = (field, bad, key, n) => {
			field.nextSibling.textContent = text(key, n);
			return (field.ariaInvalid = bad);
		};
		const count = (field) => {
			const left = (attribute("max") || 1200) - [...field.value].length;
			return mark(field, left < 0, left < 0 ? "long" : left < 200 && "left", Math.abs(left));
		};
		const typed = () => fields[0].value + fields[1].value;
		const answers = () => ({ page, title, doing: fields[0].value, comment: fields[1].value });

		const area = (id, label) => {
			const field = make("textarea", {
				id,
				dir: "auto",
				rows: 3,
				part: "field",
				onkeydown: keep,
				onkeypress: keep,
				oninput() {
					quietly(() => (sessionStorage[draft] = JSON.stringify(answers())));
					clearTimeout(timer);
					timer = setTimeout(count, 500, field); // read aloud
				},
			});
			field.setAttribute("aria-describedby", `hint ${id}-note`);
			fields.push(field);
			return [make("label", { htmlFor: id }, text(label)), field, make("p", { id: id + "-note", role: "status" })];
		};

		const open = ({ target: { id } }) => {
			fields = [];
			page = here();
			title = document.title;
			draft = "page-feedback " + page + text("question");
			form = make("form", {},
				make("p", { id: "hint" }, text("hint")),
				...area("doing", "doing"),
				...area("comment", id == "yes" ? "improve" : "wrong"),
				make("div", {}, button("send", submit), button("close", () => {
					if (id != "report") return done([]);
					start();
					root.getElementById(id).focus();
				})),
			);
			quietly(() => {
				for (const field of fields) field.value = JSON.parse(sessionStorage[draft])[field.id];
			});
			show(form);
			fields[0].focus();
			clearInterval(watch);
			watch = setInterval(() => {
				const moved = page != here() && !typed();
				if (moved) start();
				if (moved || !all.isConnected) clearInterval(watch);
			}, 500);
		};

		const submit = async () => {
			clearTimeout(timer);
			const words = typed();
			const wrong = fields.find(
				(field) =>
					count(field) ||
					(!words.trim() && mark(field, true, "empty")) ||
					(warned != words && looksPrivate(field.value) && mark(field, true, "warn")),
			);
			warned = words;
			if (wrong) return wrong.focus();
			const stored = await send(answers());
			if (stored) done(stored.removed);
		};

		const send = async (body) => {
			let minutes, problem = navigator.onLine ? "away" : "offline";
			say(0, "sending");
			all.lastChild.inert = true;
			try {
				const answer = await fetch(attribute("server").replace(/\/$/, "") + "/feedback", {
					method: "POST",
					body: JSON.stringify({
						title: document.title,
						...body,
						id: (ids[JSON.stringify(body)] ||= URL.createObjectURL(new Blob()).slice(-36)),
						lang,
						elapsed: (performance.now() - opened) / 1e3,
					}),
					keepalive: true,
					credentials: "omit",
					signal: AbortSignal.timeout(2e4),
				});
				if (answer.status == 201) return await answer.json();
				minutes = Math.ceil(answer.headers.get("retry-after") / 60);
				if (answer.status == 429) problem = "busy";
			} catch {}
			all.lastChild.inert = false;
			say(minutes, "unsent", problem, minutes ? "wait" : "again");
		};

		const done = (removed) => {
			const href = attribute("contact");
			const list = removed
				.filter(({ field }) => form[field])
				.map(({ kind, count }) => count + (count > 1 ? " × " : " ") + (text(kind) || text("other")));
			quietly(() => delete sessionStorage[draft]);
			form.reset();
			show(href ? make("a", { href }, text("reply")) : "");
			say(list.join(", "), "thanks", list[0] && "removed");
		};

		start();
		const root = host.shadowRoot || host.attachShadow({ mode: "open" });
		root.adoptedStyleSheets = [sheet];
		root.replaceChildren(all);
	};

	customElements.define("page-feedback", class extends HTMLElement {
		connectedCallback() {
			quietly(() => mount(this));
		}
	});
} catch {}
