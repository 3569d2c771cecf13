"""A made-up form that shows every kind of field in the style guide."""

from django import forms


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(
        label="Full name",
        help_text="As colleagues know you.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(label="E-mail address", required=False)
    role = forms.ChoiceField(
        label="Role",
        choices=[("nurse", "Community nurse"), ("housing", "Housing officer")],
    )
    about = forms.CharField(
        label="What matters to you at work?", widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.ChoiceField(
        label="How may we reach you?",
        widget=forms.RadioSelect,
        choices=[("email", "By e-mail"), ("phone", "By telephone")],
    )
    days = forms.MultipleChoiceField(
        label="Which days do you work?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("mon", "Monday"), ("tue", "Tuesday")],
    )
    agree = forms.BooleanField(label="I have read the house rules")
