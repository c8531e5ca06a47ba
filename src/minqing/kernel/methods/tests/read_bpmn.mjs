// Reads BPMN from stdin with bpmn-moddle and prints its warnings and how many elements of each type it found.
import { readFileSync } from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';

const { rootElement, warnings } = await new BpmnModdle().fromXML(readFileSync(0, 'utf8'));
const counts = {};
const count = (element) => { counts[element.$type] = (counts[element.$type] ?? 0) + 1; };
const process = rootElement.rootElements.find((element) => element.$type === 'bpmn:Process');
process.flowElements.forEach(count);
process.laneSets.forEach((set) => set.lanes.forEach(count));
rootElement.diagrams[0].plane.planeElement.forEach(count);
const timers = process.flowElements
  .filter((element) => element.$type === 'bpmn:BoundaryEvent')
  .map((element) => [element.attachedToRef.name, element.eventDefinitions[0].$type,
    (element.eventDefinitions[0].timeDuration ?? element.eventDefinitions[0].condition).body]);
console.log(JSON.stringify({ warnings: warnings.map((one) => one.message), counts, timers }));
