/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/emulator/virtual-program.h"

#include "protocol/signature.h"

#include <string.h>

/* What the first statement of a program begins with. */
static const char *const first_words[] = {
  "#If", "#IfDef", "#UnDef", "Alias", "AngleDegrees", "BeginProg", "Const", "ConstTable", "DataTable", "DialSequence",
  "Dim", "DisplayMenu", "EncryptExempt", "ESSVariables", "Function", "Include", "ModemHangup", "NewFieldNames",
  "PipelineMode", "PreserveVariables", "Public", "ReadOnly", "SequentialMode", "SetSecurity", "ShutDownBegin",
  "SlowSequence", "StationName", "StructureType", "Sub", "Units", "WebPageBegin",
};

static gboolean
is_first_word (const char *line)
{
  gsize length = strcspn (line, " \t(=:'");

  for (guint i = 0; i < G_N_ELEMENTS (first_words); i++)
    if (strlen (first_words[i]) == length && g_ascii_strncasecmp (line, first_words[i], length) == 0)
      return TRUE;
  return FALSE;
}

/*
 * What is wrong with @text, or NULL. Its first word must be one that CRBasic programs begin with, and a line of
 * "'ERROR" stands for any mistake.
 */
static char *
check_text (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean begun = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (g_ascii_strcasecmp (line, "'ERROR") == 0)
        return g_strdup_printf ("line %u: Syntax error.", i + 1);
      if (begun || *line == '\0' || *line == '\'')
        continue;
      if (!is_first_word (line))
        return g_strdup_printf ("line %u: %.*s: Undeclared variable.", i + 1, (int) MIN (strcspn (line, " \t("), 39),
                                line);
      begun = TRUE;
    }
  return NULL;
}

/* A file may hold any bytes, a program ends at its first NUL. */
static char *
dup_text (const OpVirtualFile *file)
{
  gsize size;
  const char *data = g_bytes_get_data (file->content, &size);

  return g_strndup (data != NULL ? data : "", size);
}

/* DataTable (OneMin, True, 1000): 1000; 0 where the logger shall choose or nothing is said. */
static guint32
find_table_size (const char *text, const char *table)
{
  /* Only blanks before it: from line to line, empty ones would be looked through from each of them anew. */
  g_autofree char *pattern = g_strdup_printf ("^[ \\t]*DataTable\\s*\\(\\s*%s\\s*,[^,\\n]*,\\s*([0-9]{1,9})\\s*\\)",
                                              table);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *size = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return 0;
  size = g_match_info_fetch (match, 1);
  return g_ascii_strtoull (size, NULL, 10);
}

void
op_virtual_station_size_tables (OpVirtualStation *station, const char *text)
{
  for (guint i = 0; i < station->tables->len; i++)
    {
      OpVirtualTable *table = station->tables->pdata[i];
      guint32 size;

      if (!table->stored)
        continue;
      size = find_table_size (text, table->definition->name);
      op_virtual_station_resize_table (station, table, size > 0 ? size : table->default_size);
    }
}

static void
begin_anew (OpVirtualStation *station)
{
  for (guint i = 0; i < station->tables->len; i++)
    if (((OpVirtualTable *) station->tables->pdata[i])->stored)
      op_virtual_station_reset_table (station, station->tables->pdata[i]);
  memset (station->variables, 0, station->public_table->definition->record_size);
}

static void
set_program (OpVirtualStation *station, const char *name, OpProgramState state, char *result)
{
  g_autofree char *old = g_steal_pointer (&station->program);

  station->program = g_strdup (name);
  station->program_state = state;
  g_free (station->compile_result);
  station->compile_result = result;
}

/* A program that was compiled elsewhere begins with the operating system that it was compiled for. */
static char *
check_binary (const OpVirtualStation *station, const char *text)
{
  const char *version = strrchr (station->model->os, '.') + 1;

  if (g_str_has_prefix (text, version))
    return NULL;
  return g_strdup_printf ("It was not compiled for operating system %s.", version);
}

void
op_virtual_station_compile (OpVirtualStation *station, gint64 after)
{
  gint64 left = after + station->compile_time;

  station->compiled = op_virtual_clock_now (station->clock) + left;
  station->compiles_until_us = g_get_monotonic_time () + left / 1000;
}

void
op_virtual_station_run_program (OpVirtualStation *station, OpVirtualFile *file, gint64 after, gboolean keeps_data)
{
  g_autofree char *text = dup_text (file);
  gboolean is_binary = station->model->is_small;
  g_autofree char *mistake = is_binary ? check_binary (station, text) : check_text (text);

  station->program_signature = op_signature (g_bytes_get_data (file->content, NULL), g_bytes_get_size (file->content),
                                             OP_SIGNATURE_SEED);
  op_virtual_station_compile (station, after);
  op_virtual_clock_stop (station->clock);
  op_virtual_files_move_attribute (station->files, PAK_FILE_PAUSED, NULL);
  op_virtual_files_move_attribute (station->files, PAK_FILE_RUNNING, mistake == NULL ? file : NULL);
  if (mistake != NULL)
    {
      set_program (station, file->name, OP_PROGRAM_FAILED,
                   g_strdup_printf ("%s -- Compile failed!\r\n%s\r\n", file->name, mistake));
      return;
    }
  /* The memory of a CR200 loses its tables with their program (manual 3.6). */
  if (!keeps_data || is_binary)
    begin_anew (station);
  if (!is_binary)
    op_virtual_station_size_tables (station, text);
  set_program (station, file->name, OP_PROGRAM_RUNNING,
               g_strdup_printf ("%s -- Compiled in PipelineMode.\r\n", file->name));
  station->started = station->compiled;
  op_virtual_clock_start (station->clock, after + station->compile_time);
}

void
op_virtual_station_stop_program (OpVirtualStation *station)
{
  op_virtual_clock_stop (station->clock);
  op_virtual_files_move_attribute (station->files, PAK_FILE_RUNNING, NULL);
  op_virtual_files_move_attribute (station->files, PAK_FILE_PAUSED, NULL);
  set_program (station, "", OP_PROGRAM_NONE, g_strdup (""));
  station->program_signature = 0;
}

void
op_virtual_station_pause_program (OpVirtualStation *station)
{
  if (station->program_state != OP_PROGRAM_RUNNING)
    return;
  op_virtual_clock_stop (station->clock);
  station->program_state = OP_PROGRAM_PAUSED;
  op_virtual_files_move_attribute (station->files, PAK_FILE_PAUSED,
                                   op_virtual_files_find (station->files, station->program));
}

void
op_virtual_station_resume_program (OpVirtualStation *station)
{
  if (station->program_state != OP_PROGRAM_PAUSED)
    return;
  station->program_state = OP_PROGRAM_RUNNING;
  op_virtual_files_move_attribute (station->files, PAK_FILE_PAUSED, NULL);
  op_virtual_clock_start (station->clock, 0);
}
