#!/bin/sh
# The demo: the main job on invented samples, in a temporary workspace that is removed at the end.
set -eu
for name in $(env | sed -n "s/^\(LABELER_[A-Z_]*\)=.*/\1/p"); do unset "$name"; done  # no workspace of the user's
samples=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
run() { printf "\n$ %s\n" "$*"; "$@" 2>&1; }

echo "The samples are invented: papers, annotators and judgements."
run labeler --quiet init "$folder/demo"
cp "$samples/topics.toml" "$folder/demo/annotations/topics.toml"
cp "$samples/export.json" "$samples/digest.txt" "$folder/demo/"
cd "$folder/demo"
run labeler import export.json
run labeler train
run labeler label digest.txt --to table
cat <<'EOF'

Each paper above is new to the model; PROB is its probability for the topic, WORDS are what spoke for it.
DECISION is "auto" where the model may decide alone, "review" where a person should look, "none" where no topic fits.

Try next, with your own papers:
  . .venv/bin/activate                        so that the command is found
  labeler init my-topics && cd my-topics      a workspace; edit annotations/topics.toml
  labeler read page.txt                       what is in a digest
  labeler studio start                        a Label Studio server on this machine
  labeler push page.txt --count 50            the most useful papers to it; annotate them in the browser
  labeler pull                                what was annotated; or: labeler import table.csv --topics-column topics
  labeler train && labeler label tomorrow.txt
EOF
