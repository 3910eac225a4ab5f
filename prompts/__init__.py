"""What is said to a model: one file per prompt and version, `NAME.vN.md`. Released files are never edited.

Each file begins with a head between two lines of `---` that declares its variables (`variables: a, b`); the
text uses them as `<<a>>`. A prompt in another language is a prompt of its own: `strategist_zh.v1.md` is the
Chinese `strategist`. A change of words is a new version beside the old one.
"""
