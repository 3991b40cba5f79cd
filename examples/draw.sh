# Draws and explains with a small model of the tests; the argument is a folder to write into.
folder=$1
model=Tests/Fixtures/models/bert
text="The cat didn't cross the river."

attnviz draw gallery --model "$model" -o "$folder/heads.pdf" "$text"
attnviz draw heatmap --model "$model" --layer L1H2 --theme dark --width 89mm -o "$folder/map.png" "$text"
attnviz trace --model "$model" -o "$folder/trace.npz" "$text"
attnviz explain --model "$model" -o "$folder/explained" "$text"
