/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ui/step-list.h"

#include <glib/gi18n.h>

#define OP_N_STEPS (OP_STEP_TABLES + 1)

typedef struct
{
  AdwActionRow *row;
  GtkStack     *mark; /* "pending", "running", "done", "failed" */
} Step;

struct _OpStepList
{
  AdwBin      parent_instance;

  GtkListBox *list;
  Step        steps[OP_N_STEPS];
};

G_DEFINE_FINAL_TYPE (OpStepList, op_step_list, ADW_TYPE_BIN)

static const char *const step_titles[OP_N_STEPS] = {
  [OP_STEP_CONNECT] = N_("Connection"),      [OP_STEP_ANSWER] = N_("Answer"),     [OP_STEP_ADDRESS] = N_("PakBus address"),
  [OP_STEP_SECURITY] = N_("Security code"), [OP_STEP_IDENTITY] = N_("Identity"), [OP_STEP_CLOCK] = N_("Clock"),
  [OP_STEP_TABLES] = N_("Tables"),
};

static void
add_mark (GtkStack *stack, const char *name, const char *icon, const char *css_class, const char *words)
{
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  gtk_widget_add_css_class (image, css_class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_stack_add_named (stack, image, name);
}

static GtkStack *
create_mark (void)
{
  GtkStack *stack = GTK_STACK (gtk_stack_new ());
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Running"), -1);
  gtk_spinner_start (GTK_SPINNER (spinner));
  add_mark (stack, "pending", "outpost-pending-symbolic", "dim-label", _("To do"));
  gtk_stack_add_named (stack, spinner, "running");
  add_mark (stack, "done", "object-select-symbolic", "success", _("Done"));
  add_mark (stack, "failed", "dialog-error-symbolic", "error", _("Failed"));
  gtk_widget_set_valign (GTK_WIDGET (stack), GTK_ALIGN_CENTER);
  return stack;
}

static void
set_state (Step *step, const char *mark, const char *detail)
{
  gtk_stack_set_visible_child_name (step->mark, mark);
  adw_action_row_set_subtitle (step->row, detail);
}

static void
op_step_list_class_init (OpStepListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/outpost/Outpost/ui/step-list.ui");
  gtk_widget_class_bind_template_child (widget_class, OpStepList, list);
}

static void
op_step_list_init (OpStepList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < OP_N_STEPS; i++)
    {
      Step *step = &self->steps[i];

      step->row = ADW_ACTION_ROW (adw_action_row_new ());
      step->mark = create_mark ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (step->row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (step->row), _(step_titles[i]));
      adw_action_row_add_prefix (step->row, GTK_WIDGET (step->mark));
      gtk_widget_set_focusable (GTK_WIDGET (step->row), FALSE);
      gtk_list_box_append (self->list, GTK_WIDGET (step->row));
    }
}

void
op_step_list_reset (OpStepList *self)
{
  for (guint i = 0; i < OP_N_STEPS; i++)
    set_state (&self->steps[i], "pending", "");
}

void
op_step_list_update (OpStepList *self, OpLoggerStep step, OpStepState state, const char *detail)
{
  static const char *const marks[] = {
    [OP_STEP_RUNNING] = "running",
    [OP_STEP_DONE] = "done",
    [OP_STEP_FAILED] = "failed",
  };

  g_return_if_fail (step < OP_N_STEPS && state < G_N_ELEMENTS (marks));
  /* Why it failed is said at length below the list. */
  set_state (&self->steps[step], marks[state], state == OP_STEP_FAILED ? "" : detail);
}

void
op_step_list_fail (OpStepList *self)
{
  for (guint i = 0; i < OP_N_STEPS; i++)
    if (g_strcmp0 (gtk_stack_get_visible_child_name (self->steps[i].mark), "running") == 0)
      gtk_stack_set_visible_child_name (self->steps[i].mark, "failed");
}
