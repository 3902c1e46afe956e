// What to add to your own configuration.
export default {
	scripts: [
		{
			src: "https://feedback.example.gov.uk/widget/v1.js",
			integrity: "sha384-...",
			crossorigin: "anonymous",
			defer: true,
		},
	],
};
