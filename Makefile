# attnviz. `make help` lists what can be made.

PREFIX ?= /usr/local
SWIFT_SOURCES = Sources Tests Package.swift bench examples fuzz

# TEXT reaches the program as it was written, with its quotes, "$" and backquotes.
ifdef TEXT
override TEXT := $(value TEXT)
export TEXT
endif

.PHONY: help setup build explain figures reference test install uninstall lint format docs bench fuzz models \
  models-report align-report clean

help:
	@echo 'make explain    explain a sentence of yours: TEXT="The cat sat on the mat." make explain'
	@echo 'make build      build the program: .build/release/attnviz'
	@echo 'make install    build it and install it: make install PREFIX=$$HOME/.local'
	@echo 'make uninstall  remove what make install installed; models stay'
	@echo 'make reference  write docs/command-line.md and the manual pages anew from the program'"'"'s help'
	@echo 'make figures    draw the pictures of the documentation anew where something changed'
	@echo 'make test       build and run the tests'
	@echo 'make setup      install the system packages that are missing'
	@echo 'make bench      measure against Python; asks before it makes a Python environment of 1.5 GB'
	@echo 'make fuzz       feed the parsers with broken files: make fuzz SECONDS_EACH=20'
	@echo 'make docs       build the documentation of the libraries with DocC'
	@echo 'make models     train the embedded models anew where their recipe says; takes hours'
	@echo 'make models-report  measure the embedded models on text that they have not read'
	@echo 'make align-report  every rule, seed and method of the alignment lab; takes an hour or more'
	@echo 'make lint       check the layout of the code; make format mends it'
	@echo 'make clean      remove what was built'

setup:
	@scripts/setup

build: setup
	@scripts/build program

explain: build
	@scripts/explain

figures: build
	@.build/release/attnviz figures docs/figures.json
	@.build/release/attnviz figures docs/gallery.json

test: setup
	@scripts/build tests
	@swift test --skip-build --disable-xctest

install: build
	@scripts/install '$(DESTDIR)$(PREFIX)'

uninstall:
	@scripts/uninstall '$(DESTDIR)$(PREFIX)'

reference: build
	@scripts/reference .build/release/attnviz

lint:
	@swift format lint --strict --recursive $(SWIFT_SOURCES)

format:
	@swift format --in-place --recursive $(SWIFT_SOURCES)

docs: setup
	@scripts/docs

bench: build
	@scripts/build benchmarks
	@python3 bench/run.py $(if $(YES),--yes)

MODELS_CACHE ?= $(HOME)/.cache/attnviz-models
models: build
	@scripts/models/make.py '$(MODELS_CACHE)'

models-report:
	@[ -f '$(MODELS_CACHE)/kjv.txt' ] || scripts/models/prepare.py '$(MODELS_CACHE)'
	@swift build -c release --product model-report
	@.build/release/model-report '$(MODELS_CACHE)' Sources/CModels

ALIGN_REPORT ?= .build/align-report
align-report: build
	@scripts/align/report.py '$(ALIGN_REPORT)'

SECONDS_EACH ?= 20
fuzz:
	@SECONDS_EACH='$(SECONDS_EACH)' scripts/fuzz $(TARGETS)

clean:
	@rm -rf .build
