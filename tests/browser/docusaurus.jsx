// What Docusaurus does with the recipe: HTML made ahead of time, React taking it over, pages changed by script.
import React, { useSyncExternalStore } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import FooterWithFeedback from "../../docs/recipes/docusaurus/src/theme/DocItem/Footer/index.js";

const listeners = new Set();
const goTo = (path) => {
	history.pushState({}, "", path);
	for (const listener of listeners) listener();
};
const listen = (listener) => {
	listeners.add(listener);
	return () => listeners.delete(listener);
};
const pathname = () => location.pathname;

// These three stand in for Docusaurus's own modules of the same names.
export const useLocation = () => ({ pathname: useSyncExternalStore(listen, pathname, pathname) });
export const useDocusaurusContext = () => ({
	siteConfig: { url: location.origin },
	i18n: { currentLocale: "en" },
});
export const Footer = () => <footer>Last updated yesterday</footer>;

const App = () => (
	<article>
		<h1>Handbook</h1>
		<button onClick={() => goTo("/library/next")}>Next page</button>
		<FooterWithFeedback />
	</article>
);

export const run = () => {
	const root = document.getElementById("root");
	root.innerHTML = renderToString(<App />);
	hydrateRoot(root, <App />);
};
