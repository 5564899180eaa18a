/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "protocol/logger.h"

/*
 * Conversations with an open logger, of each kind of transaction; each asserts what the emulator's answers mean.
 */

void talk_identify (OpLogger *logger);
void talk_tables (OpLogger *logger);
void talk_clock_read (OpLogger *logger);
void talk_clock_adjust (OpLogger *logger);
void talk_collect (OpLogger *logger);
void talk_collect_events (OpLogger *logger);
void talk_collect_fragments (OpLogger *logger);
void talk_values_get (OpLogger *logger);
void talk_values_set (OpLogger *logger);
void talk_files_list (OpLogger *logger);
void talk_file_get (OpLogger *logger);
void talk_file_put (OpLogger *logger);
void talk_file_delete (OpLogger *logger);
void talk_file_run (OpLogger *logger);
void talk_file_power_up (OpLogger *logger);
void talk_program (OpLogger *logger);
void talk_table_reset (OpLogger *logger);
void talk_echo (OpLogger *logger);
void talk_file_run_always (OpLogger *logger);
void talk_route (OpLogger *logger);
void talk_fast (OpLogger *logger);
void talk_one_way (OpLogger *logger);

/* Settings (DevConfig) */
void talk_devconfig_get (OpLogger *logger);
void talk_devconfig_set (OpLogger *logger);
void talk_devconfig_fragments (OpLogger *logger);
void talk_devconfig_commit (OpLogger *logger);

/* CR200 */
void talk_small_collect (OpLogger *logger);
void talk_small_settings (OpLogger *logger);
void talk_small_program (OpLogger *logger);
