from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "learning"
    verbose_name = _("Learning")

    def ready(self) -> None:
        from competencies.queries import register_learning
        from learning import receivers

        register_learning(receivers.competency_learning)
