import React from "react";
import Footer from "@theme-original/DocItem/Footer";
import { useLocation } from "@docusaurus/router";
import useDocusaurusContext from "@docusaurus/useDocusaurusContext";

const SERVER = "https://feedback.example.gov.uk";

// Docusaurus's own footer of a page, and below it the question about that page.
export default function FooterWithFeedback(props) {
	const { pathname } = useLocation();
	const { siteConfig, i18n } = useDocusaurusContext();
	const page = encodeURIComponent(siteConfig.url + pathname);
	return (
		<>
			<Footer {...props} />
			<page-feedback key={pathname} server={SERVER} lang={i18n.currentLocale}>
				<a href={`${SERVER}/feedback/form?page=${page}`}>Help us improve this page</a>
			</page-feedback>
		</>
	);
}
