/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocol/device-file.h"

void
op_device_file_free (OpDeviceFile *file)
{
  g_free (file->name);
  g_free (file->date);
  g_free (file);
}

void
op_program_state_free (OpProgramState *state)
{
  g_free (state->os_version);
  g_free (state->serial_number);
  g_free (state->power_up_program);
  g_free (state->program);
  g_free (state->compile_result);
  g_free (state);
}
