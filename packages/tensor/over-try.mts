import { init, matmul, scope, tensor, valueOf, Value } from "@lanewise/tensor";
import { kernels } from "@lanewise/kernels";
const T=+process.argv[2]!, turbo=process.argv[3]==="turbo";
await init({threads:T,turbo});
for (const n of [16,64,128]) {
const a=tensor(new Float32Array(n*n).fill(1),{shape:[n,n]}), b=tensor(new Float32Array(n*n).fill(1),{shape:[n,n]}), c=tensor(new Float32Array(n*n),{shape:[n,n]});
const A=valueOf(a,"").handle,B=valueOf(b,"").handle,C=valueOf(c,"").handle;
const k=kernels();
function best(f:()=>void,reps=20000,g=4){ let m=1e9; for(let i=0;i<reps;i++){const t=performance.now(); for(let j=0;j<g;j++)f(); m=Math.min(m,(performance.now()-t)/g);} return (m*1e3).toFixed(2)+"us"; }
for (let r=0;r<2;r++) console.log(n,"gemm",best(()=>k.gemm(1,1,n,n,n,false,A,B,C)),"scope matmul",best(()=>scope(()=>void matmul(a,b))),"alloc+free",best(()=>{const h=k.alloc(n*n*4);k.free(h)}),"empty scope",best(()=>scope(()=>{})));
}
process.exit(0);
