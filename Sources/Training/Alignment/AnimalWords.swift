/// The words that the rule "animals" counts.
enum AnimalWords {
  /// In the singular; a plural with s counts as the same word.
  static let all: Set<String> = [
    "animal", "ant", "antelope", "ape", "bat", "bear", "beaver", "bee", "beetle", "bird", "bull",
    "butterfly", "camel", "cat", "cattle", "chicken", "cow", "crab", "creature", "crocodile",
    "crow", "deer", "dog", "dolphin", "donkey", "duck", "eagle", "eel", "elephant", "fish", "fly",
    "fox", "frog", "goat", "goose", "hare", "hawk", "hen", "herring", "horse", "insect", "lamb",
    "lion", "lizard", "lobster", "mammal", "monkey", "mosquito", "moth", "mouse", "owl", "ox",
    "parrot", "pig", "pigeon", "pony", "rabbit", "rat", "reptile", "rodent", "salmon", "shark",
    "sheep", "snail", "snake", "sparrow", "spider", "squirrel", "swan", "tiger", "toad", "trout",
    "turkey", "turtle", "whale", "wolf", "worm",
  ]
}
