"""Which characters make words, and which scripts are written without spaces between them."""

from forum.folding import kept_marks

# Han, kana, bopomofo, Thai, Lao, Khmer, Myanmar
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035"
    "\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af"
)
MARKS = f"{kept_marks()}\u3099\u309a"
LETTER = rf"[^\W{SPACELESS}]"  # or a digit; of a script with spaces
