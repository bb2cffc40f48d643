"""What people see: each function turns a value into Slack's blocks. Pure; one file per noun."""
