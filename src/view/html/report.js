addTableButtons(document, { ...document.body.dataset, isGerman: document.documentElement.lang === 'de' });
