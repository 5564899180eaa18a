/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine/health.h"

#include "app/engine/health-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CLOCK_WATCH_US (5 * G_USEC_PER_SEC)
#define CLOCK_ACT_US   (60 * G_USEC_PER_SEC)
#define COMPILE_RUNNING 1 /* BMP5 manual 2.3.3.5 */

void
op_health_finding_free (OpHealthFinding *finding)
{
  g_free (finding->id);
  g_free (finding->name);
  g_free (finding->value);
  g_free (finding->reason);
  g_free (finding->advice);
  g_free (finding);
}

const char *
op_judgement_get_name (OpJudgement judgement)
{
  static const char *const names[] = { N_("Well"), N_("Watch"), N_("Act") };

  return _(names[judgement]);
}

const char *
op_judgement_get_nick (OpJudgement judgement)
{
  static const char *const nicks[] = { "well", "watch", "act" };

  return nicks[judgement];
}

void
op_health_add (GPtrArray *findings, const char *id, const char *name, char *value, OpJudgement judgement,
               const char *reason, const char *advice)
{
  OpHealthFinding *finding = g_new (OpHealthFinding, 1);

  *finding = (OpHealthFinding) { g_strdup (id), g_strdup (name), value, judgement, g_strdup (reason),
                                 g_strdup (advice) };
  g_ptr_array_add (findings, finding);
}

static void
add_unread (GPtrArray *findings, const char *id, const char *name, const GError *error)
{
  op_health_add (findings, id, name, g_strdup (_("could not be read")), OP_JUDGEMENT_WATCH,
                 error != NULL ? error->message : "", "");
}

/* Card: "Card OK.", "No card present", "Card full!": the words of CR1000 type loggers. */
static void
judge_card (GPtrArray *findings, const OpBatch *status)
{
  static const char *const names[] = { "CardStatus", NULL };
  static const char *const good[] = { "ok", "no card", "not present", "unmounted" };
  gint column = op_health_find_column (status, names);
  gsize n = op_batch_get_n_records (status);
  g_autofree char *text = NULL, *folded = NULL;

  if (column < 0 || n == 0 || op_batch_get_kind (status, (guint) column) != OP_KIND_TEXT)
    return;
  text = g_strstrip (g_strdup (op_batch_get_text (status, (guint) column, n - 1)));
  folded = g_utf8_strdown (text, -1);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (strstr (folded, good[i]) != NULL)
      {
        op_health_add (findings, "card", _("Card"), g_steal_pointer (&text), OP_JUDGEMENT_WELL, "", "");
        return;
      }
  if (*text != '\0')
    op_health_add (findings, "card", _("Card"), g_steal_pointer (&text), OP_JUDGEMENT_ACT,
                   _("The memory card does not work as it should"),
                   _("Collect what it holds, then replace or format it."));
}

/* The program */

static char *
dup_result (const OpProgramState *program)
{
  g_autofree char *text = g_strdup (program->compile_result);

  g_strdelimit (g_strstrip (text), "\r\n", ' ');
  return *text != '\0' ? g_steal_pointer (&text) : g_strdup (_("The logger does not say why"));
}

static void
judge_running (GPtrArray *findings, const OpProgramState *program)
{
  g_autofree char *result = dup_result (program);
  g_autofree char *folded = g_utf8_strdown (result, -1);
  char *value = *program->program != '\0' ? g_strdup_printf ("%s (%u)", program->program, program->program_signature)
                                          : g_strdup (_("none"));

  if (program->compile_state != COMPILE_RUNNING)
    op_health_add (findings, "program", _("Program"), value, OP_JUDGEMENT_ACT, result,
                   _("Nothing is measured: send a program that runs, or start this one."));
  else if (strstr (folded, "warning") != NULL)
    op_health_add (findings, "program", _("Program"), value, OP_JUDGEMENT_WATCH, result,
                   _("It runs; read what the compiler warns of."));
  else
    op_health_add (findings, "program", _("Program"), value, OP_JUDGEMENT_WELL, "", "");
}

static void
judge_power_up (GPtrArray *findings, const OpProgramState *program)
{
  const char *name = _("Program after a power failure");

  /* The names may come with and without their drive. */
  if (*program->power_up_program == '\0')
    op_health_add (findings, "power-up-program", name, g_strdup (_("none")), OP_JUDGEMENT_ACT,
                   _("No program runs when the power comes back"), _("Set the program to run on power-up."));
  else if (g_ascii_strcasecmp (program->power_up_program, program->program) != 0
           && !g_str_has_suffix (program->program, program->power_up_program)
           && !g_str_has_suffix (program->power_up_program, program->program))
    op_health_add (findings, "power-up-program", name, g_strdup (program->power_up_program), OP_JUDGEMENT_WATCH,
                   _("Another program than the running one starts when the power comes back"),
                   _("Set the running program to run on power-up, if it is to stay."));
  else
    op_health_add (findings, "power-up-program", name, g_strdup (program->power_up_program), OP_JUDGEMENT_WELL, "",
                   "");
}

static void
judge_clock (GPtrArray *findings, const OpHealthSources *sources)
{
  gint64 off_us = ABS (sources->clock_offset_us);
  char *value;

  if (!sources->clock_is_known)
    return;
  value = g_strdup_printf (_("%+.2f s ± %.2f s"), sources->clock_offset_us / 1e6, sources->clock_uncertainty_us / 1e6);
  if (off_us <= CLOCK_WATCH_US + sources->clock_uncertainty_us)
    op_health_add (findings, "clock", _("Clock"), value, OP_JUDGEMENT_WELL, "", "");
  else
    op_health_add (findings, "clock", _("Clock"), value,
                   off_us > CLOCK_ACT_US ? OP_JUDGEMENT_ACT : OP_JUDGEMENT_WATCH,
                   _("The clock differs from this computer's"),
                   _("Set the clock; an hour's difference may be the station's offset from UTC."));
}

/* Keeps the order within a judgement. */
static GPtrArray *
sort (GPtrArray *findings)
{
  GPtrArray *sorted = g_ptr_array_new_full (findings->len, (GDestroyNotify) op_health_finding_free);

  for (gint judgement = OP_JUDGEMENT_ACT; judgement >= OP_JUDGEMENT_WELL; judgement--)
    for (guint i = 0; i < findings->len; i++)
      if (((OpHealthFinding *) findings->pdata[i])->judgement == (OpJudgement) judgement)
        g_ptr_array_add (sorted, findings->pdata[i]);
  return sorted;
}

GPtrArray *
op_health_judge (const OpHealthSources *sources)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new ();

  if (sources->program != NULL)
    {
      judge_running (findings, sources->program);
      judge_power_up (findings, sources->program);
    }
  else
    add_unread (findings, "program", _("Program"), sources->program_error);
  judge_clock (findings, sources);
  if (sources->status != NULL)
    {
      op_health_judge_numbers (findings, sources->status);
      judge_card (findings, sources->status);
    }
  else
    add_unread (findings, "status", _("Status table"), sources->status_error);
  return sort (findings);
}
